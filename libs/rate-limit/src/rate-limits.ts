import { BlockList, isIPv6 } from 'node:net';
import type { Principal, RoutePlan } from '@app/http';
import { Inject, Injectable } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';
import type { BucketDraw } from './bucket-draw.js';
import { DEFAULT_GROUP, GroupPolicy } from './rate-limit.policies.js';
import { RATE_LIMIT_OPTIONS, type RateLimitModuleOptions } from './rate-limit.module-definition.js';

const IPV6_SUBNET = 64;

/** The limit of one route's requests. */
export interface RouteLimit {
  readonly group: string;
  /**
   * What a request takes; undefined for addresses that are not limited.
   *
   * @param from asked for the address only where it counts: behind a proxy it has to be found in a header
   */
  drawFor(user: Principal | undefined, from: { readonly ip: string }): BucketDraw | undefined;
}

/** Which requests are limited, and how much. */
@Injectable()
export class RateLimits {
  private readonly free: BlockList | undefined;

  constructor(@Inject(RATE_LIMIT_OPTIONS) private readonly options: RateLimitModuleOptions) {
    const { allowed = [] } = options;
    this.free = allowed.length === 0 ? undefined : listOf(allowed);
  }

  /** Undefined for routes without a limit. */
  on({ isUnlimited, limited = {} }: RoutePlan): RouteLimit | undefined {
    const { policies } = this.options;
    if (policies === undefined || isUnlimited) return undefined;
    const { group = DEFAULT_GROUP, tokens = 1 } = limited;
    const policy = new GroupPolicy(group, policies);
    return {
      group,
      drawFor: (user, from) => {
        if (this.free !== undefined && has(this.free, from.ip)) return undefined;
        // One slot with what else is known of the user, so that one script can ask for both.
        const key = `${group}:{${user === undefined ? networkOf(from.ip) : user.userId}}`;
        return { key, bucket: policy.bucketOf(user), tokens };
      },
    };
  }
}

/** Of an IPv6 address its /64, which one household has. */
const networkOf = (ip: string) => `ip:${normalizeIp(ip, IPV6_SUBNET)}`;

const has = (list: BlockList, ip: string) => list.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
