import { Paint, PLAIN } from './paint';
import { callLines, differenceLines, isDone, meshPolicyYaml, modeText, policiesOf, policyStep, readinessText, some, workloadsText } from './plan-words';
import { clean, count, objectText, oneLine, positionText } from './text';
import { CurableBlocker, MeshPlan, MigrationPlan, NamespacePlan, Readiness, Step } from '../plan/plan';

/** The look of each state. */
const TONES = { strict: 'good', ready: 'good', open: 'warning', blocked: 'error' } as const satisfies { readonly [state in Readiness]: Parameters<Paint>[0] };

/** A plan as a terminal shows it: the namespaces, then the order in which to go, then what is to be found out. */
export function planText(plan: MigrationPlan, paint: Paint = PLAIN): string {
  const { namespaces, mesh, outside } = plan;
  const sections = [
    ...namespaces.map(one => namespaceLines(`namespace ${one.name}`, one, paint)),
    ...hasToSay(mesh) ? [namespaceLines(`root namespace ${mesh.name}`, mesh, paint)] : [],
    ...outside.length === 0 ? [] : [[oneLine(`without any proxy, so that no policy changes anything there: ${some(outside, 10)}`)]],
    ...isDone(plan) ? [] : [orderLines(plan, paint)],
    questionLines(plan, paint),
  ];
  return sections.filter(lines => lines.length > 0).map(lines => `${lines.join('\n')}\n\n`).join('');
}

/** The root namespace is the mesh; what is in there matters where it is more than the control plane. */
function hasToSay({ blockers, differences, workloads }: MeshPlan): boolean {
  return blockers.length > 0 || differences.length > 0 || workloads.unknown > 0;
}

function namespaceLines(title: string, plan: NamespacePlan, paint: Paint): string[] {
  return [
    `${oneLine(title)} ${paint(TONES[plan.readiness], readinessText(plan))}`,
    field('mode', modeText(plan), paint),
    field('has', workloadsText(plan), paint),
    ...differenceLines(plan).map(text => field('but', text, paint)),
    ...plan.blockers.flatMap(blocker => blockerLines(blocker, paint)),
  ];
}

function blockerLines(blocker: CurableBlocker, paint: Paint): string[] {
  const { code, name, at, what, condition, cures } = blocker;
  const tone = condition === undefined ? 'error' : 'warning';
  const lines = [`  ${paint(tone, condition === undefined ? 'blocker' : 'perhaps')} ${paint('code', code)} ${name}`];
  const add = (label: string, text: string): unknown => lines.push(field(label, text, paint, 6).replace(/^ +$/gm, ''));
  if (at !== undefined) add('at', `${positionText(at)}  (${objectText(at)})`);
  callLines(blocker).forEach(call => add('fails', call));
  add('then', what);
  if (condition !== undefined) add('if', condition);
  cures.forEach((cure, index) => {
    add(index === 0 ? 'cure' : 'or', cure.text);
    const { yaml, typescript } = policiesOf(cure);
    if (yaml !== '') add('', `${yaml}\n\nor in TypeScript:\n${typescript}`);
  });
  return lines;
}

function field(label: string, text: string, paint: Paint, indent = 4): string {
  const width = 6;
  const lines = clean(text).split('\n').map((line, index) => (index === 0 || line === '' ? line : ' '.repeat(indent + width) + line));
  return `${' '.repeat(indent)}${paint('label', label.padEnd(width))}${lines.join('\n')}`;
}

function orderLines({ order, mesh }: MigrationPlan, paint: Paint): string[] {
  const lines = [paint('label', 'order')];
  order.forEach((step, index) => lines.push(oneLine(`  ${index + 1}. ${stepText(step)}`)));
  lines.push(oneLine(`  ${order.length + 1}. the mesh: ${mesh.readiness === 'blocked' ? 'cure its blockers; ' : ''}${policyStep(mesh)}`));
  if (mesh.mode.value !== 'STRICT') lines.push(field('', `${meshPolicyYaml(mesh)}\n\nor in TypeScript:\nnew MeshStrictMtls(this, 'mesh');`, paint, 0));
  const { redundant, exceptions } = mesh;
  if (redundant.length > 0) lines.push(oneLine(`     then redundant: ${some(redundant, 10)}`));
  exceptions.forEach(({ policy, opens }) => lines.push(oneLine(`     stays open: ${opens} in ${policy}`)));
  return lines;
}

function stepText({ namespace, unblocks }: Step): string {
  const { name, readiness, blockers } = namespace;
  const sure = blockers.filter(({ condition }) => condition === undefined).length;
  const first = readiness === 'blocked' ? `cure ${sure === 1 ? 'its blocker' : `its ${count(sure, 'blocker')}`}`
    + `${unblocks.length === 0 ? '' : `, which unblocks ${some(unblocks)} too`}; `
    : readiness === 'open' ? 'answer its questions; ' : '';
  return `${name}: ${first}${policyStep(namespace)}`;
}

function questionLines(plan: MigrationPlan, paint: Paint): string[] {
  if (isDone(plan)) return [];
  return [
    paint('label', 'questions that the manifests do not answer'),
    ...plan.questions.map(({ namespace, text }) => oneLine(`  - ${namespace === undefined ? '' : `${namespace}: `}${text}`)),
    '  - Does anybody outside these manifests send plaintext? In Prometheus, over at least the time in which every job has run once:',
    ...plan.queries.map(query => oneLine(`      ${query}`)),
  ];
}
