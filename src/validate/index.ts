export * from './mtls-report';
export * from './mtls-validation';
export * from './mtls-validation-plugin';
export * from './verdicts';
