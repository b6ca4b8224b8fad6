/*
 * What tests of users are written with: `import { expectConnection } from 'cdk8s-istio-mtls/testing'`.
 * It is TypeScript only and no part of the jsii API.
 */
export { ConnectionExpectation, expectConnection, expectMode, ModeExpectation } from './expect';
export type { ConnectionOptions } from './expect';
export { findingsIn } from './findings-in';
export { MeshUnderTest } from './mesh-under-test';
export type { MeshUnderTestOptions } from './mesh-under-test';
export { findingsOf, testRule } from './test-rule';
export type { ExpectedFinding, InvalidCase, RuleCases, ValidCase } from './test-rule';
export { Kinds } from '../mesh/kinds';
export type { Outcome } from '../mesh/server/outcome';
export type { ServerMode } from '../mesh/server/server-mode';
export { Severity } from '../rules/finding';
export type { Finding } from '../rules/finding';
export { MODEL } from '../rules/rule';
export type { Rule, RuleContext } from '../rules/rule';
