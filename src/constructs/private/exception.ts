import { IConstruct } from 'constructs';
import { fail, show } from './errors';
import { requireText } from './require';

/** What the annotations of every exception begin with. */
const PREFIX = 'cdk8s-istio-mtls/';

/** Who wants an exception, why, and for how long. */
interface ExceptionProps {
  readonly reason?: string;
  readonly owner?: string;
  readonly expires?: string;
}

/** The annotations that keep an exception's reason with the object. */
export function exceptionAnnotations(construct: IConstruct, props: ExceptionProps): { [key: string]: string } {
  if (props.reason === undefined) {
    fail(construct, "'reason' is missing; say why this exception is needed, for those who review it later");
  }
  const annotations: { [key: string]: string } = { [`${PREFIX}reason`]: requireText(construct, 'reason', props.reason).trim() };
  if (props.owner !== undefined) {
    annotations[`${PREFIX}owner`] = requireText(construct, 'owner', props.owner).trim();
  }
  if (props.expires !== undefined) {
    annotations[`${PREFIX}expires`] = requireDate(construct, 'expires', props.expires);
  }
  return annotations;
}

function requireDate(construct: IConstruct, what: string, value: unknown): string {
  const isDate = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
    && !Number.isNaN(Date.parse(value)) && new Date(`${value}T00:00:00Z`).toISOString().startsWith(value);
  return isDate ? value as string : fail(construct, `'${what}' must be a day of the calendar as YYYY-MM-DD; got ${show(value)}`);
}
