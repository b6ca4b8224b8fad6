import { readdirSync, mkdirSync } from 'fs';
import { join } from 'path';
import { checkRefused, checkShop, devVersion, FOLDER, must, pacmak, run } from './steps';

/** Builds the wheel and installs it with pip in a virtual environment. */
export function python(folder: string, step: (text: string) => void): void {
  step('building the wheel');
  const built = pacmak('python', join(folder, 'built'));
  const wheel = join(built, readdirSync(built).find(name => name.endsWith('.whl'))!);

  step('installing it with pip in a virtual environment');
  must('python3', ['-m', 'venv', 'venv'], { cwd: folder });
  const interpreter = join(folder, 'venv/bin/python');
  must(interpreter, ['-m', 'pip', 'install', '--quiet', wheel, ...['cdk8s', 'constructs'].map(name => `${name}==${devVersion(name)}`)], { cwd: folder });
  must(interpreter, ['-m', 'pip', 'check'], { cwd: folder });

  step('running the apps');
  const program = (name: string) => {
    const cwd = join(folder, name);
    mkdirSync(cwd);
    return { cwd, ran: run(interpreter, [join(FOLDER, 'python', `${name}.py`)], { cwd }) };
  };
  const { cwd, ran } = program('shop');
  checkShop(cwd, ran);
  checkRefused('RuntimeError: Error: ', program('refused').ran);
}
