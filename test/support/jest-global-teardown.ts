/** Ends the servers that the global setup started. */
// oxlint-disable-next-line import/no-default-export -- Jest wants it so.
export default async function stopSharedServices(): Promise<void> {
  await globalThis.mockingbirdServices?.stop();
  globalThis.mockingbirdServices = undefined;
}
