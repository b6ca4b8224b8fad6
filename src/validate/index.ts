export * from './mtls-validation';
export * from './mtls-validation-plugin';
