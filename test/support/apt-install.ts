import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const OUTPUT_TAIL_CHARS = 1_500;

/**
 * Arguments: the policy file, then packages. While the policy file exists, Debian starts no service
 * it installs; where a policy of the machine's own allows it, what was started is ended again.
 */
const SCRIPT = `
policy=$1
shift
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
pid_files() { ls /run/redis/*.pid /run/postgresql/*.pid 2>/dev/null; }
end_started() {
  for file in $(pid_files); do
    case "$before" in
      *"$file"*) ;;
      *) kill "$(head -n 1 "$file")" ;;
    esac
  done
}
known() {
  for package; do apt-cache show "$package" >/dev/null 2>&1 || return 1; done
}
install() {
  apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" && end_started
}
before=$(pid_files)
known "$@" && install "$@" && exit 0
tries=1
until apt-get update; do
  [ $tries -ge 15 ] && exit 1
  tries=$((tries + 1))
  sleep 2
done
install "$@"
`;

export interface AptOptions {
  readonly policyFile?: string;
  readonly lockFile?: string;
}

/**
 * Installs Debian packages as root; no service is left running. One process at a time, and what was
 * begun is finished even if we are interrupted, so that the package database stays whole.
 */
export async function aptInstall(
  packages: readonly string[],
  { policyFile = '/usr/sbin/policy-rc.d', lockFile = join(tmpdir(), 'mockingbird-apt.lock') }: AptOptions = {},
): Promise<void> {
  const apt = spawn('flock', [lockFile, 'sh', '-c', SCRIPT, 'sh', policyFile, ...packages], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  let output = '';
  for (const stream of [apt.stdout, apt.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code] = (await once(apt, 'close')) as [number | null];
  if (code !== 0) {
    throw new Error(`apt-get could not install ${packages.join(', ')}:\n${output.slice(-OUTPUT_TAIL_CHARS)}`);
  }
}
