export * from './constructs';
export { TlsVersion, OutboundTrafficMode, MeshSettings } from './mesh/settings';
export { Finding, FindingPlace, Severity } from './rules/finding';
export * from './validate';
