import { RuleContext } from './rule';
import { inCluster, namespaceOf } from '../mesh/facts';
import { asList, asText, at, FieldPath, own } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { Selector, SelectorIndex, selectorOf, selectsAll } from '../mesh/labels';
import { MeshObject } from '../mesh/object';
import { Workload } from '../mesh/workloads/workload';

/** What a policy does with what it matches; AUDIT only writes it down. */
export type Action = 'ALLOW' | 'DENY' | 'CUSTOM' | 'AUDIT';

/** One way to match a policy. */
export interface Alternative {
  /**
   * `wanted`: only callers with an identity can match. `unwanted`: those without
   * one always do. `none`: it is not asked who calls.
   */
  readonly identity: 'wanted' | 'unwanted' | 'none';
  /** The field that asks, and how people write it. */
  readonly field: FieldPath;
  readonly title: string;
  /** Whether a caller is among those that are asked for by name; undefined where nobody is. */
  readonly names?: (principal: string, namespace: string) => boolean;
  /** Whether it is for a workload port. */
  appliesTo(workloadPort: number): boolean;
}

/** An AuthorizationPolicy for the proxies of workloads. */
export interface AuthorizationPolicy {
  readonly object: MeshObject;
  readonly action: Action;
  readonly alternatives: readonly Alternative[];
  readonly selector: Selector;
}

interface NamespacePolicies {
  readonly selecting: SelectorIndex<AuthorizationPolicy>;
  readonly general: readonly AuthorizationPolicy[];
}

/** The policies that hold for a workload: those of its namespace, and those of the root namespace, whose selectors count here. */
export function authorizationPoliciesFor(context: RuleContext, workload: Workload): readonly AuthorizationPolicy[] {
  const all = byNamespace(context);
  const found: AuthorizationPolicy[] = [];
  for (const namespace of new Set([workload.namespace, context.settings.rootNamespace])) {
    const policies = all.get(namespace);
    if (policies === undefined) continue;
    found.push(...policies.general);
    policies.selecting.all(workload, policy => found.push(policy));
  }
  return found;
}

function byNamespace(context: RuleContext): ReadonlyMap<string, NamespacePolicies> {
  return context.once(byNamespace, () => {
    const lists = new Map<string, AuthorizationPolicy[]>();
    for (const object of inCluster(context, Kinds.AUTHORIZATION_POLICY)) {
      // Those with a target are for waypoints and gateways, which take mTLS alone or are judged by their own listeners.
      if (own(object.spec, 'targetRef') !== undefined || own(object.spec, 'targetRefs') !== undefined) continue;
      const list = lists.get(namespaceOf(object));
      if (list === undefined) lists.set(namespaceOf(object), [read(object)]);
      else list.push(read(object));
    }
    return new Map([...lists].map(([namespace, list]) => [namespace, {
      selecting: new SelectorIndex(list.filter(({ selector }) => !selectsAll(selector)), ({ selector }) => selector),
      general: list.filter(({ selector }) => selectsAll(selector)),
    }]));
  });
}

function read(object: MeshObject): AuthorizationPolicy {
  const action = asText(own(object.spec, 'action'));
  return {
    object,
    action: action === 'DENY' || action === 'CUSTOM' || action === 'AUDIT' ? action : 'ALLOW',
    alternatives: asList(own(object.spec, 'rules')).flatMap((rule, index) => alternativesOf(rule, ['spec', 'rules', index])),
    selector: selectorOf(at(object.spec, 'selector', 'matchLabels')),
  };
}

/** The fields of a source that ask for an identity of the mesh. `requestPrincipals` come from tokens, which need no mTLS. */
const WANTED = ['principals', 'namespaces', 'serviceAccounts'];
const UNWANTED = ['notPrincipals', 'notNamespaces', 'notServiceAccounts'];

/** The attributes of conditions that only mTLS gives. */
const ATTRIBUTES = new Set(['source.principal', 'source.namespace', 'source.serviceAccount', 'connection.sni']);

type Question = Pick<Alternative, 'identity' | 'field' | 'title' | 'names'>;

const NO_QUESTION: Question = { identity: 'none', field: [], title: '' };

/** The sources of a rule are alternatives; what one source asks, and the conditions of the rule, must hold together. */
function alternativesOf(rule: unknown, path: FieldPath): Alternative[] {
  const appliesTo = portsOf(rule);
  const conditions = asList(own(rule, 'when')).map((condition, index) => ofCondition(condition, [...path, 'when', index]));
  const from = asList(own(rule, 'from'));
  const sources = from.length === 0 ? [[]] : from.map((one, index) => ofSource(own(one, 'source'), [...path, 'from', index, 'source']));
  return sources.map(questions => ({ ...strongest([...questions, ...conditions]), appliesTo }));
}

function strongest(questions: readonly Question[]): Question {
  return questions.find(({ identity }) => identity === 'wanted') ?? questions.find(({ identity }) => identity === 'unwanted') ?? NO_QUESTION;
}

function ofSource(source: unknown, path: FieldPath): Question[] {
  const asked = (identity: 'wanted' | 'unwanted') => (key: string): Question[] => {
    const values = texts(own(source, key));
    return values.length === 0 ? [] : [{ identity, field: [...path, key], title: `source.${key}`, names: identity === 'wanted' ? namesIn(key, values) : undefined }];
  };
  return [...WANTED.flatMap(asked('wanted')), ...UNWANTED.flatMap(asked('unwanted'))];
}

function ofCondition(condition: unknown, path: FieldPath): Question {
  const key = asText(own(condition, 'key')) ?? '';
  if (!ATTRIBUTES.has(key)) return NO_QUESTION;
  const values = texts(own(condition, 'values'));
  if (values.length > 0) return { identity: 'wanted', field: [...path, 'values'], title: key, names: namesIn(`${key.replace('source.', '')}s`, values) };
  return texts(own(condition, 'notValues')).length > 0 ? { identity: 'unwanted', field: [...path, 'notValues'], title: key } : NO_QUESTION;
}

function namesIn(key: string, values: readonly string[]): Alternative['names'] {
  if (key !== 'principals' && key !== 'namespaces') return undefined;
  return (principal, namespace) => values.some(value => matches(value, key === 'principals' ? principal : namespace));
}

/** Istio's own matching: whole, by the start (`a*`), by the end (`*a`). `*` stands for whoever has an identity, and names nobody. */
function matches(pattern: string, text: string): boolean {
  if (pattern === '*') return false;
  if (pattern.endsWith('*')) return text.startsWith(pattern.slice(0, -1));
  return pattern.startsWith('*') ? text.endsWith(pattern.slice(1)) : pattern === text;
}

/** For which workload ports the operations of a rule are. */
function portsOf(rule: unknown): (workloadPort: number) => boolean {
  const operations = asList(own(rule, 'to')).map(one => {
    const ports = texts(at(one, 'operation', 'ports'));
    const others = texts(at(one, 'operation', 'notPorts'));
    return (port: number) => (ports.length === 0 || ports.includes(String(port))) && !others.includes(String(port));
  });
  return port => operations.length === 0 || operations.some(covers => covers(port));
}

function texts(value: unknown): string[] {
  return asList(value).filter((item): item is string => typeof item === 'string');
}
