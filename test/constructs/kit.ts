import { ApiObject, App, Chart, ChartProps, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { AppState, describe as nameOf } from '../../src/validate/app-state';

/** A chart `shop` of a new app, in the namespace `shop` unless told otherwise. */
export function shop(props: ChartProps = { namespace: 'shop' }): Chart {
  return new Chart(new App(), 'shop', props);
}

/** What a chart synthesizes, as plain data. */
export function synth(chart: Chart): any[] {
  return Testing.synth(chart);
}

/** The objects of a kind that a chart synthesizes. */
export function synthKind(chart: Chart, kind: string): any[] {
  return synth(chart).filter(object => object.kind === kind);
}

/** What the constructs of an app report at synth, with their paths. */
export function faults(scope: Construct): string[] {
  return AppState.of(scope).deferred.flatMap(({ construct, check }) => check().map(line => `${nameOf(construct)}: ${line}`));
}

/** Cases that are refused at once. Each has its own chart, and the whole text of its error. */
export function refusesAtOnce(cases: { [name: string]: [build: (chart: Chart) => unknown, error: string] }): void {
  test.each(Object.entries(cases).map(([name, [build, error]]) => ({ name, build, error })))('$name', ({ build, error }) => {
    const chart = shop();
    expect(() => build(chart)).toThrow(new Error(error));
    expect(error).not.toMatch(/\n/);
  });
}

/** Cases that are refused at synth. Each has its own chart, and all lines that are reported. */
export function refusesAtSynth(cases: { [name: string]: [build: (chart: Chart) => unknown, ...lines: string[]] }): void {
  test.each(Object.entries(cases).map(([name, [build, ...lines]]) => ({ name, build, lines })))('$name', ({ build, lines }) => {
    const chart = shop();
    build(chart);
    expect(faults(chart)).toEqual(lines);
    if (lines.length > 0) {
      // Warnings of the rules are not what these cases are about.
      const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
      expect(() => Testing.synth(chart)).toThrow(lines[0]);
      stderr.mockRestore();
    }
  });
}

/** A Deployment as plain data. */
export function deployment(chart: Chart, name = 'web', options: { labels?: object; ports?: object[]; spec?: object; namespace?: string } = {}): ApiObject {
  const labels = options.labels ?? { app: name };
  return new ApiObject(chart, `deployment-${name}`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: options.namespace },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'web', ports: options.ports ?? [{ containerPort: 3000, name: 'api' }] }] } },
      ...options.spec,
    },
  });
}

/** A Service as plain data. */
export function service(chart: Chart, name = 'web', ports: object[] = [{ port: 8080, targetPort: 3000, name: 'http' }], spec: object = {}): ApiObject {
  return new ApiObject(chart, `service-${name}`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports, ...spec },
  });
}

/** A Namespace as plain data. */
export function namespace(chart: Chart, name: string, labels: { [key: string]: string }): ApiObject {
  return new ApiObject(chart, `namespace-${name}`, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

/** A value that the compiler would refuse. */
export function wrong(value: unknown): any {
  return value;
}
