export * from './content-file.js';
export * from './question-content-loader.js';
