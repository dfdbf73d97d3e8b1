/** Another process has the embedded database of a data folder open. */
export class DataFolderInUseError extends Error {
  constructor(folder: string, processId: number) {
    super(`The data folder ${folder} is in use by process ${processId}. Stop it, or set DATA_DIR.`);
    this.name = 'DataFolderInUseError';
  }
}
