import { Construct } from 'constructs';
import { MeshMtls, MeshStrictMtlsProps } from './mesh-mtls';
import { MtlsMode } from '../mesh/mtls-mode';

/**
 * Requires mutual TLS of every workload in the mesh: `MeshMtls` with
 * `MtlsMode.STRICT`.
 */
export class MeshStrictMtls extends MeshMtls {
  constructor(scope: Construct, id: string, props: MeshStrictMtlsProps = {}) {
    super(scope, id, { ...props, mode: MtlsMode.STRICT });
  }
}
