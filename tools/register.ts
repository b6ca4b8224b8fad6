import { Module } from 'module';
import { join } from 'path';

/*
 * Lets the examples import the library by its name, as users do, without
 * compiling it first.
 */
const OURS: { readonly [request: string]: string } = { 'cdk8s-istio-mtls': 'index.ts', 'cdk8s-istio-mtls/testing': 'testing/index.ts' };
const internals = Module as unknown as { _resolveFilename(request: string, ...rest: unknown[]): string };
const resolve = internals._resolveFilename;
internals._resolveFilename = (request, ...rest) =>
  resolve.call(Module, Object.hasOwn(OURS, request) ? join(__dirname, '../src', OURS[request]) : request, ...rest);
