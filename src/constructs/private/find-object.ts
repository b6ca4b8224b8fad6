import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { fail, show } from './errors';
import { describe } from '../../validate/app-state';

/**
 * The object of certain kinds that a construct is, or has.
 *
 * `ApiObject.of` knows the constructs whose main object is the wanted one, which
 * covers every class of every cdk8s-plus. Otherwise the construct's descendants
 * are looked through, so that a user's own construct around a Deployment and its
 * Service can be given for either.
 */
export function findObject(
  owner: IConstruct, what: string, construct: IConstruct, wanted: (object: ApiObject) => boolean, kinds: string, otherwise: string,
): ApiObject {
  if (!Construct.isConstruct(construct)) {
    return fail(owner, `'${what}' needs a construct; got ${show(construct)}`);
  }
  const main = mainObject(construct);
  if (main && wanted(main)) {
    return main;
  }
  const found = construct.node.findAll().filter((child): child is ApiObject => ApiObject.isApiObject(child) && wanted(child));
  if (found.length === 1) {
    return found[0];
  }
  if (found.length > 1) {
    const list = found.map(object => `${object.kind} ${object.node.path}`).join(', ');
    return fail(owner, `'${what}' needs a construct with one ${kinds}; ${describe(construct)} has ${found.length}: ${list}; give the one that is meant`);
  }
  const got = main ? `is a ${main.kind}` : 'has none';
  return fail(owner, `'${what}' needs a construct with one ${kinds}; ${describe(construct)} ${got}; ${otherwise}`);
}

function mainObject(construct: IConstruct): ApiObject | undefined {
  let next: IConstruct | undefined = construct;
  while (next && !ApiObject.isApiObject(next)) {
    try {
      next = next.node.defaultChild;
    } catch {
      // Two children with default ids: the construct has no main object.
      return undefined;
    }
  }
  return next;
}
