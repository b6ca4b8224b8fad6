import { Module } from 'module';
import { join } from 'path';

/*
 * Lets the examples import the library by its name, as users do, without
 * compiling it first.
 */
const internals = Module as unknown as { _resolveFilename(request: string, ...rest: unknown[]): string };
const resolve = internals._resolveFilename;
internals._resolveFilename = (request, ...rest) =>
  resolve.call(Module, request === 'cdk8s-istio-mtls' ? join(__dirname, '../src/index.ts') : request, ...rest);
