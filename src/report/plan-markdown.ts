import { block, code, escaped } from './markdown-text';
import { callLines, countsLine, differenceLines, isDone, meshPolicyYaml, modeText, policiesOf, policyStep, some, workloadsText } from './plan-words';
import { clean, objectText, positionText } from './text';
import { CurableBlocker, MigrationPlan, NamespacePlan, Question, Step } from '../plan/plan';

/** A plan as a checklist to paste into a ticket, in the order in which to go. */
export function planMarkdown(plan: MigrationPlan): string {
  const { order, mesh, queries, questions } = plan;
  const parts = [`## Istio mTLS to STRICT: ${escaped(countsLine(plan))}`];
  if (isDone(plan)) return `${parts[0]}\n`;
  parts.push(
    '### Before anything',
    [
      '- [ ] Find out whether anybody outside the manifests sends plaintext, over at least the time in which every job has run once:',
      indented(block('promql', queries.join('\n')), 2),
    ].join('\n'),
    ...order.map((step, index) => stepSection(index + 1, step, questions)),
    meshSection(order.length + 1, plan, questions.filter(({ namespace }) => namespace === mesh.name)),
  );
  return `${parts.join('\n\n')}\n`;
}

function stepSection(number: number, { namespace, unblocks }: Step, questions: readonly Question[]): string {
  return [
    `### ${number}. Namespace ${code(clean(namespace.name))}`,
    `${escaped(clean(`${modeText(namespace)}, ${workloadsText(namespace)}`))}`
      + differenceLines(namespace).map(text => `  \nbut ${escaped(clean(text))}`).join(''),
    [
      ...todo(namespace, questions.filter(one => one.namespace === namespace.name)),
      ...unblocks.length === 0 ? [] : [`  This unblocks ${escaped(clean(some(unblocks)))} too.`],
      `- [ ] ${escaped(clean(sentence(policyStep(namespace))))}`,
    ].join('\n'),
  ].join('\n\n');
}

function meshSection(number: number, { mesh }: MigrationPlan, questions: readonly Question[]): string {
  const { redundant, exceptions } = mesh;
  return [
    `### ${number}. The mesh`,
    [
      ...todo(mesh, questions),
      `- [ ] ${escaped(clean(sentence(policyStep(mesh))))}`,
      ...mesh.mode.value === 'STRICT' ? [] : [indented(block('yaml', clean(meshPolicyYaml(mesh))), 2)],
      ...redundant.length === 0 ? [] : [`- [ ] Remove what is redundant then: ${redundant.map(title => code(clean(title))).join(', ')}`],
      ...exceptions.map(({ policy, opens }) => `- ${code(clean(policy))} stays: ${escaped(clean(opens))}`),
    ].join('\n'),
  ].join('\n\n');
}

function todo({ blockers }: NamespacePlan, questions: readonly Question[]): string[] {
  return [
    ...questions.map(({ text }) => `- [ ] ${escaped(clean(text))}`),
    ...blockers.filter(({ condition }) => condition === undefined).map(blockerItem),
  ];
}

function blockerItem(blocker: CurableBlocker): string {
  const { at } = blocker;
  return [
    `- [ ] **${blocker.code}** Once it is STRICT, ${escaped(clean(blocker.what))}`,
    ...at === undefined ? [] : [`  - at ${code(clean(positionText(at)))} ${code(clean(objectText(at)))}`],
    ...callLines(blocker).map(call => `  - would fail: ${code(clean(call))}`),
    ...blocker.cures.map((cure, index) => {
      const [first, ...more] = clean(cure.text).split('\n');
      const { yaml, typescript } = policiesOf(cure);
      return [
        `  - ${index === 0 ? 'cure' : 'or'}: ${escaped(first)}`,
        ...more.length === 0 ? [] : [indented(block('yaml', more.join('\n')), 4)],
        ...yaml === '' ? [] : [indented(block('yaml', clean(yaml)), 4), indented(block('typescript', clean(typescript)), 4)],
      ].join('\n');
    }),
  ].join('\n');
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function indented(text: string, by: number): string {
  return text.split('\n').map(line => (line === '' ? '' : ' '.repeat(by) + line)).join('\n');
}
