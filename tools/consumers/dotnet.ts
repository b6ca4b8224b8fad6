import { existsSync } from 'fs';
import { join } from 'path';
import { ConsumerError, pacmak } from './steps';

/** Generates the C# code. It is not compiled: the package is not offered for .NET yet. */
export function dotnet(folder: string, step: (text: string) => void): void {
  step('generating the code (it is not compiled, and no app uses it)');
  const project = join(pacmak('dotnet', join(folder, 'built'), { codeOnly: true }), 'Cdk8sIstioMtls');
  const missing = ['Cdk8sIstioMtls.csproj', 'Cdk8sIstioMtls/MeshStrictMtls.cs', 'Cdk8sIstioMtls/WorkloadMtlsException.cs']
    .filter(file => !existsSync(join(project, file)));
  if (missing.length > 0) throw new ConsumerError(`the code has no ${missing.join(', ')}`);
}
