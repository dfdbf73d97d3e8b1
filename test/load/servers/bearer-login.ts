/** Logs in and answers the header of an authenticated request. */
export async function bearerLogin(
  origin: string,
  account: { readonly email: string; readonly password: string },
): Promise<Record<string, string>> {
  const response = await fetch(`${origin}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`login as ${account.email} answered ${response.status}: ${body.slice(0, 300)}`);
  const { accessToken } = JSON.parse(body) as { accessToken: string };
  return { authorization: `Bearer ${accessToken}` };
}
