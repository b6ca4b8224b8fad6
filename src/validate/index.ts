export * from './mtls-validation';
