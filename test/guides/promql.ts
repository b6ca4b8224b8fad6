import type { Parser } from '@lezer/common';
import { nodes, parse } from './grammar';

// It has types for ES modules alone, and code for both.
const { parser } = jest.requireActual<{ parser: Parser }>('@prometheus-io/lezer-promql');

/**
 * Istio's standard metrics that queries ask for, and their labels: istio.io, "Istio Standard Metrics", and the extension that writes
 * them, extensions/stats of istio/proxy. `response_flags` and `response_code` are labels of requests, and the former of TCP too.
 */
const METRICS = ['istio_requests_total', 'istio_tcp_connections_opened_total', 'istio_tcp_connections_closed_total'];
const LABELS: { readonly [label: string]: RegExp } = {
  ...Object.fromEntries(['source', 'destination'].flatMap(side => [
    'workload', 'workload_namespace', 'principal', 'app', 'version', 'canonical_service', 'canonical_revision', 'cluster',
  ].map(name => [`${side}_${name}`, /./]))),
  destination_service: /./,
  destination_service_name: /./,
  destination_service_namespace: /./,
  request_protocol: /^(http|grpc|tcp)$/,
  reporter: /^(source|destination|waypoint)$/,
  connection_security_policy: /^(mutual_tls|none|unknown)$/,
  response_code: /^\d{3}$/,
  response_flags: /./,
};

/** Parses the queries of a block, and looks their names and values up. One begins on each line that is not indented. */
export function checkPromql(text: string): void {
  for (const query of text.trim().split(/\n(?! )/)) {
    const root = parse(parser, query);
    const of = ({ from, to }: { from: number; to: number }): string => query.slice(from, to);
    expect(nodes(root, 'Identifier').map(of).filter(metric => !METRICS.includes(metric))).toEqual([]);
    expect(nodes(root, 'LabelName').map(of).filter(label => !Object.hasOwn(LABELS, label))).toEqual([]);
    for (const matcher of nodes(root, 'UnquotedLabelMatcher')) {
      const [label, value] = [of(matcher.getChild('LabelName')!), JSON.parse(of(matcher.getChild('StringLiteral')!)) as string];
      expect([label, LABELS[label].test(value) ? 'a value that Istio writes' : value]).toEqual([label, 'a value that Istio writes']);
    }
  }
}
