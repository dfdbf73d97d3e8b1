/** Every socket of a session; closed when the session ends. */
export const sessionRoom = (sessionId: string) => `session:${sessionId}`;

/** Every socket of a user, on all devices. */
export const userRoom = (userId: string) => `user:${userId}`;

/** Sockets of this process that watch the time left of an attempt. */
export const attemptRoom = (attemptId: string) => `attempt:${attemptId}`;
