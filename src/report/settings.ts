import { ResolvedMeshSettings } from '../mesh/settings';

/** The facts of the mesh in the JSON output, under the names of Istio's mesh configuration where it has one. */
export function settingsJson(settings: ResolvedMeshSettings): object {
  const { autoMtls, rootNamespace, trustDomain, clusterDomain, revision, minProtocolVersion, ambient, sidecarHbone, outboundTrafficMode } = settings;
  return {
    enableAutoMtls: autoMtls,
    rootNamespace,
    trustDomain,
    clusterDomain,
    revision,
    minProtocolVersion,
    ambient,
    sidecarHbone,
    outboundTrafficPolicy: outboundTrafficMode,
    protocolDetectionTimeout: settings.protocolDetectionTimeout,
    meshIssuedCertificates: settings.meshIssuedCertificates,
    exportDestinationRules: settings.exportDestinationRules,
    openWorld: settings.openWorld,
  };
}
