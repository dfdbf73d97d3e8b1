import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export interface Route {
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
}

const LINE = /^(?<indent>.*?)[├└]── (?<segment>\S+)(?: \((?<methods>[A-Z, ]+)\))?/;
const INDENT = 4;
const SHADOWS = new Set(['HEAD', 'OPTIONS']);

/** The routes of the Fastify router, read from the tree it prints, without HEAD and OPTIONS. */
export function routesOf(app: NestFastifyApplication): Route[] {
  const above: string[] = [];
  const tree = app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  return tree.split('\n').flatMap((line) => {
    const { indent = '', segment = '', methods = '' } = LINE.exec(line)?.groups ?? {};
    const depth = indent.length / INDENT;
    const path = (above[depth - 1] ?? '') + segment;
    above[depth] = path;
    return methods
      .split(', ')
      .filter((method) => method !== '' && !SHADOWS.has(method))
      .map((method) => ({ method, path: path.replaceAll(/:(\w+)/g, '{$1}') }));
  });
}
