/** PeerAuthentication: its CRD, its message and its webhook validation. */

import { Meta, WORKLOAD_SELECTOR, checkWorkloadSelector, isEmpty } from './common';
import { map, message, words } from './notation';
import { Report } from './report';

/** A spec as the webhook sees it. */
interface Spec {
  readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly portLevelMtls?: Readonly<Record<string, unknown>>;
}

const PORTS = '1 to 65535';

/** proto: istio.security.v1beta1.PeerAuthentication.MutualTLS. */
const MUTUAL_TLS = message({
  mode: words('istio.security.v1beta1.PeerAuthentication.MutualTLS.Mode', 'UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'),
});

/** What CEL's int() reads: a sign and zeros in front, but no spaces. Longer numbers are out of range in any case. */
const INTEGER = /^[+-]?0*\d{1,18}$/;

/** CEL: `self.all(key, 0 < int(key) && int(key) <= 65535)`. A port out of range outweighs a key that is no number. */
function portsInRange(ports: object): boolean | string {
  let unreadable = false;
  for (const key of Object.keys(ports)) {
    if (!INTEGER.test(key)) unreadable = true;
    else if (!(Number(key) > 0 && Number(key) <= 65535)) return false;
  }
  return !unreadable || 'type conversion error from \'string\' to \'int\'';
}

/** CRD: peerauthentications.security.istio.io, and proto: istio.security.v1beta1.PeerAuthentication. */
export const PEER_AUTHENTICATION = message({
  selector: WORKLOAD_SELECTOR,
  mtls: MUTUAL_TLS,
  portLevelMtls: map(MUTUAL_TLS, {
    minCount: 1,
    numericKeys: true,
    rules: [{ message: 'port must be between 1-65535', test: portsInRange }],
  }),
}, {
  rules: [{
    message: 'portLevelMtls requires selector',
    test: (spec: Spec) => spec.portLevelMtls === undefined || !isEmpty(spec.selector?.matchLabels),
  }],
});

/** istiod: pkg/config/validation/validation.go ValidatePeerAuthentication. */
export function checkPeerAuthentication(spec: Spec, _: Meta, report: Report): void {
  const ports = spec.portLevelMtls;
  if (ports !== undefined) {
    if (isEmpty(ports)) {
      report.webhook('port level mTLS, if defined, must have at least one element', 'portLevelMtls');
    } else if (isEmpty(spec.selector?.matchLabels)) {
      report.webhook('mesh/namespace peer authentication cannot have port level mTLS', 'portLevelMtls');
    }
    for (const port of Object.keys(ports)) {
      if (port === '0' || Number(port) > 65535) report.webhook('port must be in range 1..65535', ['portLevelMtls', port], PORTS);
    }
  }
  checkWorkloadSelector(spec.selector, report, 'selector');
}
