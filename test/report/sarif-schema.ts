import { readFileSync } from 'fs';
import { join } from 'path';
import Ajv from 'ajv';

/*
 * The schema of SARIF 2.1.0 as SchemaStore has it (Apache-2.0), from the npm package @microsoft/jest-sarif 1.0.0-beta.0 (MIT). It is draft 04, which
 * ajv 6 reads when it is given the meta schema.
 */
const ajv = new Ajv({ schemaId: 'auto', meta: false, allErrors: true });
// eslint-disable-next-line @typescript-eslint/no-require-imports
ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json') as object);
const validate = ajv.compile(JSON.parse(readFileSync(join(__dirname, 'sarif-2.1.0-rtm.5.json'), 'utf8')) as object);

/** What the SARIF schema says against a log. */
export function sarifErrors(log: unknown): string[] {
  return validate(log) === true ? [] : (validate.errors ?? []).map(({ dataPath, message }) => `${dataPath}: ${String(message)}`);
}
