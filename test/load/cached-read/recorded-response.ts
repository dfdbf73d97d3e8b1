import { get } from 'node:http';

/** An answer as it came over the wire: names in their order and case, the body undecoded. */
export interface RecordedResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

export function recordResponse(
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<RecordedResponse> {
  return new Promise((resolve, reject) => {
    get(url, { headers, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: pairs(response.rawHeaders),
          body: Buffer.concat(chunks),
        }),
      );
    }).on('error', reject);
  });
}

export function headerOf(response: RecordedResponse, name: string): string | undefined {
  return response.headers.find(([key]) => key.toLowerCase() === name)?.[1];
}

function pairs(rawHeaders: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    result.push([rawHeaders[i]!, rawHeaders[i + 1]!]);
  }
  return result;
}
