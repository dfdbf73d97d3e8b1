import { registerHooks } from 'node:module';

/**
 * Lets Node run our TypeScript as it is: an import of `./x.js` from a `.ts` file finds `./x.ts`, and
 * Node strips the types. For code that Jest's module loader does not load: its global setup, and
 * child processes (`node --import ./test/support/typescript-imports.mjs`). Plain JavaScript, since
 * nothing can help this file itself.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const fromTypeScript = context.parentURL?.endsWith('.ts') ?? false;
    if (!fromTypeScript || !/^\.{1,2}\/.*\.js$/.test(specifier)) {
      return nextResolve(specifier, context);
    }
    try {
      return nextResolve(specifier.replace(/\.js$/, '.ts'), context);
    } catch {
      return nextResolve(specifier, context);
    }
  },
});
