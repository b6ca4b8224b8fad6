/** The most namespaces that a query names; of more it asks about all. */
const MAX_NAMED = 50;

/** The queries that show who still sends plaintext to some namespaces: HTTP and gRPC, then everything else. */
export function plaintextQueries(namespaces: readonly string[]): readonly string[] {
  const named = namespaces.length === 0 || namespaces.length > MAX_NAMED ? '' : `, destination_workload_namespace=~"${namespaces.join('|')}"`;
  const by = 'sum by (destination_workload_namespace, destination_workload, source_workload_namespace, source_workload)';
  return [
    `${by} (increase(istio_requests_total{reporter="destination", connection_security_policy="none"${named}}[7d])) > 0`,
    // Sidecars say "none" here and ztunnel "unknown".
    `${by} (increase(istio_tcp_connections_opened_total{reporter="destination", connection_security_policy!="mutual_tls"${named}}[7d])) > 0`,
  ];
}
