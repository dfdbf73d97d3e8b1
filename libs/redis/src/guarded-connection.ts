import type { CircuitBreaker } from '@app/resilience';
import { Command, type Redis } from 'ioredis';

/** Errors that a server answers with while it is not fit to be relied on. */
const UNFIT = /^(LOADING|OOM|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MISCONF|NOREPLICAS|BUSY) /;

/** Tells the breaker how each command went, and fails commands at once while it is open. */
export function guardWith(redis: Redis, breaker: CircuitBreaker): void {
  const send = redis.sendCommand.bind(redis);
  const succeeded = () => breaker.record(true);
  const failed = (error: Error) => breaker.record(isAnswer(error));
  redis.sendCommand = (command, stream) => {
    // What a new connection says first must get through, and so must a probe, which comes without a pipeline.
    if (redis.status !== 'ready' && stream === undefined) return send(command, stream);
    if (!breaker.permits && !probes.has(command)) {
      command.reject(new Error('The circuit breaker is open'));
      return command.promise;
    }
    const reply = send(command, stream);
    command.promise.then(succeeded, failed);
    return reply;
  };
}

const probes = new WeakSet<Command>();

/** Asks a server whether it is well. */
export async function probe(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') throw new Error(`The connection is ${redis.status}`);
  const command = new Command('ping', [], { replyEncoding: 'utf8' });
  probes.add(command);
  await redis.sendCommand(command);
}

/** An error that the server answered a command with, and would again; not one that says it is unwell. */
function isAnswer(error: Error): boolean {
  return error.name === 'ReplyError' && !UNFIT.test(error.message);
}
