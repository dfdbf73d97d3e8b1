/** A readiness probe: `GET /health/ready` answers 200. */
export function httpReady(origin: string): () => Promise<boolean> {
  return async () => {
    const response = await fetch(`${origin}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.status === 200;
  };
}
