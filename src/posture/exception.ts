import { ExceptionReason } from './entry';
import { MeshObject } from '../mesh/object';
import { annotatedAcknowledgements } from '../rules/acknowledgement';

const PREFIX = 'cdk8s-istio-mtls/';

/** The rules whose findings are exceptions: to accept one of them is to give the reason. */
const EXCEPTION_CODES = ['MTLS110', 'MTLS309', 'MTLS701'];

/** Why an object weakens the mesh, as its annotations say; undefined where they say nothing. */
export function exceptionOf(object: MeshObject | undefined): ExceptionReason | undefined {
  if (object === undefined) return undefined;
  const text = (name: string): string | undefined => object.annotation(PREFIX + name)?.trim() || undefined;
  const reason = text('reason') ?? annotatedAcknowledgements([object]).find(({ code, fault }) => fault === undefined && EXCEPTION_CODES.includes(code))?.reason;
  return reason === undefined ? undefined : { reason, owner: text('owner'), expires: text('expires') };
}
