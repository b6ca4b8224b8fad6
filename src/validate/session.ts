import { App } from 'cdk8s';
import { IConstruct } from 'constructs';
import type * as FastJson from './fast-json';

/**
 * Tells whether a synth of the app is running.
 *
 * cdk8s asks every validation once for the app and once more for each chart,
 * within one synth, and offers no sign by which a validation could tell. The two
 * methods that synthesize are therefore wrapped, on this one app object: they do
 * what they did, between `begin` and `end`. Nothing can change the tree in
 * between that cdk8s itself would see. In between, objects of plain data are
 * written faster than cdk8s writes them, which pays for the validation.
 */
export class SynthSession {
  private depth = 0;

  constructor(root: IConstruct, private readonly onEnd: () => void) {
    if (root instanceof App) {
      this.wrap(root, 'synth');
      this.wrap(root, 'synthYaml');
    }
  }

  get isRunning(): boolean {
    return this.depth > 0;
  }

  private wrap(app: App, method: 'synth' | 'synthYaml'): void {
    const original: (...args: unknown[]) => unknown = app[method];
    const within = (...args: unknown[]) => {
      const restore = this.depth++ === 0 ? fastJson().useFastJson(app) : undefined;
      try {
        return original.apply(app, args);
      } finally {
        restore?.();
        if (--this.depth === 0) {
          this.onEnd();
        }
      }
    };
    // Not enumerable, so that the app looks the same to whoever lists its properties.
    Object.defineProperty(app, method, { value: within, configurable: true, writable: true, enumerable: false });
  }
}

/** Loaded at the first synth, as the rules are. */
function fastJson(): typeof FastJson {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./fast-json');
}
