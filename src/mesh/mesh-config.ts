import { asObject, asText, at, FieldPath, own } from './json';
import { Kinds } from './kinds';
import { MeshObject } from './object';
import { isDuration, MeshSettings, OutboundTrafficMode, TlsVersion } from './settings';

/** Mesh configuration that stands in an object of the input. */
export interface FoundMeshConfig {
  readonly object: MeshObject;
  readonly path: FieldPath;
  /** The configuration, where the object holds it as fields. */
  readonly value?: unknown;
  /** The configuration as YAML text, for whoever can parse it. */
  readonly text?: string;
  /** What the object says beside the mesh configuration. */
  readonly beside: MeshSettings;
}

/** Where the facts of a mesh come from. */
export interface SettingsSources {
  /** What the user gave, and nothing that he did not. */
  readonly given: MeshSettings;
  /** What the objects of the input say. */
  readonly found: readonly ObjectSettings[];
}

/** What one object says about the facts of the mesh. */
export interface ObjectSettings {
  readonly object: MeshObject;
  /** Where the mesh configuration stands in the object. */
  readonly path: FieldPath;
  readonly settings: MeshSettings;
}

/**
 * The mesh configuration in an object: the ConfigMap `istio` that istiod reads,
 * and the objects of the Sail operator and of `istioctl install`, from which
 * that ConfigMap is made.
 */
export function findMeshConfig(object: MeshObject): FoundMeshConfig | undefined {
  switch (object.key) {
    case Kinds.CONFIG_MAP: {
      const text = /^istio(-.*)?$/.test(object.name) ? asText(at(object.body, 'data', 'mesh')) : undefined;
      return text === undefined ? undefined : { object, path: ['data', 'mesh'], text, beside: {} };
    }
    case Kinds.SAIL_ISTIO: {
      const values = own(object.spec, 'values');
      const revision = asText(own(values, 'revision'));
      return { object, path: ['spec', 'values', 'meshConfig'], value: own(values, 'meshConfig'), beside: { ...ofProfile(object.spec), ...revision ? { revision } : {} } };
    }
    case Kinds.ISTIO_OPERATOR: {
      const revision = asText(own(object.spec, 'revision'));
      return { object, path: ['spec', 'meshConfig'], value: own(object.spec, 'meshConfig'), beside: { ...ofProfile(object.spec), ...revision ? { revision } : {} } };
    }
    default:
      return undefined;
  }
}

/** The ambient profile switches ambient on, and HBONE for sidecars (manifests/helm-profiles/ambient.yaml). */
function ofProfile(spec: unknown): MeshSettings {
  return own(spec, 'profile') === 'ambient' ? { ambient: true } : {};
}

/** What a mesh configuration says about the facts that the model depends on. What is not there, or makes no sense, is left out. */
export function settingsOf(meshConfig: unknown): MeshSettings {
  const config = asObject(meshConfig);
  const text = (field: string): string | undefined => asText(own(config, field)) || undefined;
  const autoMtls = own(config, 'enableAutoMtls');
  const tls = asText(at(config, 'meshMTLS', 'minProtocolVersion'));
  const mode = asText(at(config, 'outboundTrafficPolicy', 'mode'));
  const timeout = text('protocolDetectionTimeout');
  const certificates = asText(at(config, 'defaultConfig', 'proxyMetadata', 'OUTPUT_CERTS'));
  const exportTo = own(config, 'defaultDestinationRuleExportTo');
  const settings: { -readonly [field in keyof MeshSettings]: MeshSettings[field] } = {
    autoMtls: typeof autoMtls === 'boolean' ? autoMtls : undefined,
    rootNamespace: text('rootNamespace'),
    trustDomain: text('trustDomain'),
    minProtocolVersion: tls === undefined ? undefined : tls === 'TLSV1_3' ? TlsVersion.TLS_V1_3 : TlsVersion.TLS_V1_2,
    outboundTrafficMode: mode === 'REGISTRY_ONLY' || mode === 'ALLOW_ANY' ? OutboundTrafficMode[mode] : undefined,
    protocolDetectionTimeout: timeout !== undefined && isDuration(timeout) ? timeout : undefined,
    meshIssuedCertificates: certificates ? [certificates] : undefined,
    // Only `.` and `*` are honoured.
    exportDestinationRules: Array.isArray(exportTo) && exportTo.length > 0 ? !exportTo.includes('.') : undefined,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
