export * from './cache-response.decorator.js';
export * from './response-cache.interceptor.js';
export * from './response-cache.js';
