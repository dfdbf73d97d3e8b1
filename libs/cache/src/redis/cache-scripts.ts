import { createHash } from 'node:crypto';
import type { CacheScript } from './cache-redis.js';

function script(lua: string): CacheScript {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** The current version of each tag in KEYS from `first`; one that is not there gets `fresh` and lives `ttl` ms. */
const VERSIONS = `
local function versions(first, fresh, ttl)
  local found = {}
  for i = first, #KEYS do
    local version = redis.call('GET', KEYS[i])
    if not version then
      version = fresh .. i
      redis.call('SET', KEYS[i], version, 'PX', ttl)
    end
    found[#found + 1] = version
  end
  return table.concat(found, ',')
end
`;

/**
 * The entry if it is fresh, or else the lease. KEYS entry, lease, tags; ARGV nonce, ttl of a lease, ttl of a version,
 * now, whether a fresh entry will do. Answers what it is, the entry if it may be used, and the versions.
 */
export const ACQUIRE = script(`${VERSIONS}
local current = versions(3, ARGV[1], ARGV[3])
local entry = redis.call('GET', KEYS[1])
if entry and string.sub(entry, 1, #current + 1) ~= current .. '|' then entry = false end
if entry and ARGV[5] == '1' then
  local freshUntil = string.match(entry, '^[^|]*|[^|]*|[^|]*|(%d+)|')
  if tonumber(freshUntil) > tonumber(ARGV[4]) then return { 'fresh', entry, current } end
end
local held = redis.call('GET', KEYS[2])
-- A lease taken before an invalidation has other versions, and holds up no newer load.
if held and string.sub(held, (string.find(held, ' ')) + 1) == current then
  return { 'loading', entry or '', current }
end
redis.call('SET', KEYS[2], ARGV[1] .. ' ' .. current, 'PX', ARGV[2])
return { 'lease', entry or '', current }
`);

/** KEYS entry, lease, tags; ARGV lease, versions, rest of the entry, ttl. */
export const FILL = script(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[2])
local found = {}
for i = 3, #KEYS do found[#found + 1] = redis.call('GET', KEYS[i]) or '' end
if table.concat(found, ',') ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[1], ARGV[2] .. ARGV[3], 'PX', ARGV[4])
return 1
`);

/** KEYS lease; ARGV lease. */
export const RELEASE = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`);

/** KEYS entry, lease, tags; ARGV fresh version, ttl of a version, rest of the entry, ttl. */
export const SET = script(`${VERSIONS}
redis.call('SET', KEYS[1], versions(3, ARGV[1], ARGV[2]) .. ARGV[3], 'PX', ARGV[4])
redis.call('DEL', KEYS[2])
return 1
`);

/** KEYS log, count; ARGV message, length of the log. */
const APPEND = `
local function append(message, length)
  local count = redis.call('INCR', KEYS[2])
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', length, '*', 'n', count, 'm', message)
end
`;

/** KEYS log, count, tags; ARGV message, length of the log, version, ttl of a version. */
export const INVALIDATE = script(`${APPEND}
for i = 3, #KEYS do redis.call('SET', KEYS[i], ARGV[3] .. i, 'PX', ARGV[4]) end
append(ARGV[1], ARGV[2])
return 1
`);

/** KEYS log, count, then entries and leases in turn; ARGV message, length of the log. */
export const DELETE = script(`${APPEND}
local deleted = 0
for i = 3, #KEYS, 2 do
  deleted = deleted + redis.call('DEL', KEYS[i])
  redis.call('DEL', KEYS[i + 1])
end
append(ARGV[1], ARGV[2])
return deleted
`);

/** Where the log ends. KEYS log, count. */
export const END = script(`
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
return { last[1] and last[1][1] or '0-0', redis.call('GET', KEYS[2]) or '0' }
`);

/** Length and head of each entry. KEYS entries; ARGV longest head. */
export const FACTS = script(`
local facts = {}
for i = 1, #KEYS do
  facts[#facts + 1] = redis.call('STRLEN', KEYS[i])
  facts[#facts + 1] = redis.call('GETRANGE', KEYS[i], 0, ARGV[1])
end
return facts
`);
