import type { DeviceFacts } from '@app/http';
import { RateLimitedError, RateLimitStorage } from '@app/rate-limit';
import { AuthEventBuffer, deviceNameOf } from '@app/sessions';
import { Inject, Injectable } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';
import { LRUCache } from 'lru-cache';
import { accountKey } from './account-key.js';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';
import { DeviceMarkers, type DeviceMarker } from './device-markers.js';

const IPV6_SUBNET = 64;
/** A flood is one event a minute, for each bucket and process. */
const EVENT_EVERY_MS = 60_000;
const BUCKETS_REMEMBERED = 10_000;

type Subject = 'account' | 'address' | 'device' | 'registration' | 'user';

/** Who tries to log in, and from where. */
export interface LoginAttempt {
  readonly email: string;
  /** What the client kept of an earlier login. */
  readonly deviceToken?: string | undefined;
}

/**
 * How often passwords may be tried. Strangers to an account share one bucket, and so do all strangers at one address;
 * a device that logged in to the account before has a bucket of its own, which no stranger can empty. Each is taken
 * before any work is done, and the same whether or not there is such an account.
 */
@Injectable()
export class LoginLimits {
  private readonly noted = new LRUCache<string, true>({ max: BUCKETS_REMEMBERED, ttl: EVENT_EVERY_MS });

  constructor(
    private readonly limits: RateLimitStorage,
    private readonly markers: DeviceMarkers,
    private readonly events: AuthEventBuffer,
    @Inject(AUTH_OPTIONS) private readonly options: Pick<AuthOptions, 'loginLimit' | 'addressLoginLimit'>,
  ) {}

  /**
   * Gives the marker the attempt came with, if it is one of this account.
   *
   * @throws {RateLimitedError}
   */
  async admit(attempt: LoginAttempt, device: DeviceFacts): Promise<DeviceMarker | undefined> {
    const { email, deviceToken } = attempt;
    const marker = deviceToken === undefined ? undefined : this.markers.read(deviceToken, email);
    if (marker === undefined) await this.admitStranger(email, device);
    else await this.take('device', marker.id, device);
    return marker;
  }

  /** @throws {RateLimitedError} */
  async admitStranger(email: string, device: DeviceFacts): Promise<void> {
    await this.take('address', normalizeIp(device.ip, IPV6_SUBNET), device);
    await this.take('account', accountKey(email), device);
  }

  /** @throws {RateLimitedError} */
  admitRegistration(device: DeviceFacts): Promise<void> {
    return this.take('registration', normalizeIp(device.ip, IPV6_SUBNET), device);
  }

  /**
   * For somebody who is logged in and gives the password again.
   *
   * @throws {RateLimitedError}
   */
  admitUser(userId: string, device: DeviceFacts): Promise<void> {
    return this.take('user', userId, device);
  }

  private async take(of: Subject, id: string, device: DeviceFacts): Promise<void> {
    const bucket = of === 'address' || of === 'registration' ? this.options.addressLoginLimit : this.options.loginLimit;
    if (bucket === undefined) return;
    const key = `login:${of}:${id}`;
    const { allowed, retryAfterMs } = await this.limits.take(key, bucket);
    if (allowed) return;
    this.note(key, of, device);
    throw new RateLimitedError(retryAfterMs);
  }

  private note(key: string, bucket: string, { ip, userAgent }: DeviceFacts): void {
    if (this.noted.has(key)) return;
    this.noted.set(key, true);
    this.events.note({ kind: 'login.limited', ip, deviceName: deviceNameOf(userAgent), detail: { bucket } });
  }
}
