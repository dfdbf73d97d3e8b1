/** The challenge that a browser's client data names, base64url; of data that was verified before. */
export function challengeIn(clientDataJson: string): string {
  const data = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString('utf8')) as { readonly challenge: string };
  return data.challenge;
}
