/** The kinds that the model and the rules read, as `<api group>/<kind>`. */
export const Kinds = {
  PEER_AUTHENTICATION: 'security.istio.io/PeerAuthentication',
  DESTINATION_RULE: 'networking.istio.io/DestinationRule',
  SERVICE_ENTRY: 'networking.istio.io/ServiceEntry',
  WORKLOAD_ENTRY: 'networking.istio.io/WorkloadEntry',
  SIDECAR: 'networking.istio.io/Sidecar',
  GATEWAY: 'networking.istio.io/Gateway',
  VIRTUAL_SERVICE: 'networking.istio.io/VirtualService',
  NAMESPACE: '/Namespace',
  SERVICE: '/Service',
  POD: '/Pod',
  DEPLOYMENT: 'apps/Deployment',
  STATEFUL_SET: 'apps/StatefulSet',
  DAEMON_SET: 'apps/DaemonSet',
  REPLICA_SET: 'apps/ReplicaSet',
  JOB: 'batch/Job',
  CRON_JOB: 'batch/CronJob',
} as const;
