import { styleText } from 'util';
import { Paint, PLAIN, Tone } from '../report/paint';

const STYLES: { readonly [tone in Tone]: Parameters<typeof styleText>[0] } = {
  error: ['red', 'bold'], warning: ['yellow', 'bold'], info: ['cyan', 'bold'], code: 'bold', label: 'dim', good: 'green',
};

/** How a terminal paints; whether it does is decided by `wantsColour`, and not once more by node. */
export function paintFor(isColoured: boolean | undefined): Paint {
  return isColoured === true ? (tone, text) => styleText(STYLES[tone], text, { validateStream: false }) : PLAIN;
}

/** As node decides for its own output: FORCE_COLOR outweighs NO_COLOR, and both the kind of the output. */
export function wantsColour(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  if (env.FORCE_COLOR !== undefined) {
    return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  }
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') {
    return false;
  }
  return isTerminal && env.TERM !== 'dumb';
}
