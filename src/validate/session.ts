import { App } from 'cdk8s';
import { IConstruct } from 'constructs';

/**
 * Tells whether a synth of the app is running.
 *
 * cdk8s asks every validation once for the app and once more for each chart,
 * within one synth, and offers no sign by which a validation could tell. The two
 * methods that synthesize are therefore wrapped, on this one app object: they do
 * what they did, between `begin` and `end`. Nothing can change the tree in
 * between that cdk8s itself would see.
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
      this.depth++;
      try {
        return original.apply(app, args);
      } finally {
        if (--this.depth === 0) {
          this.onEnd();
        }
      }
    };
    // Not enumerable, so that the app looks the same to whoever lists its properties.
    Object.defineProperty(app, method, { value: within, configurable: true, writable: true, enumerable: false });
  }
}
