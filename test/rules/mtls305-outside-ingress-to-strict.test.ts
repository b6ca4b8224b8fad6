import { Severity } from '../../src/rules/finding';
import { rule } from '../../src/rules/mtls305-outside-ingress-to-strict';
import { testRule } from '../../src/testing/test-rule';

const namespace = (name: string, label: string) => `
  ---
  apiVersion: v1
  kind: Namespace
  metadata: {name: ${name}, labels: {${label}}}
`;

const world = ({ type = 'ClusterIP', labels = '{app: web}', annotations = '{}', image = 'web' } = {}) => `
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: shop}
  spec:
    template:
      metadata: {labels: ${labels}, annotations: ${annotations}}
      spec: {containers: [{name: web, image: ${image}, ports: [{name: http, containerPort: 8080}, {containerPort: 9090}]}]}
  ---
  apiVersion: v1
  kind: Service
  metadata: {name: web, namespace: shop}
  spec: {type: ${type}, selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}, {name: http-admin, port: 9090}]}
${namespace('shop', 'istio-injection: enabled')}`;

const STRICT = `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: default, namespace: shop}
  spec: {mtls: {mode: STRICT}}
`;

const OPEN = `
  ---
  apiVersion: security.istio.io/v1
  kind: PeerAuthentication
  metadata: {name: web, namespace: shop}
  spec: {selector: {matchLabels: {app: web}}, portLevelMtls: {"8080": {mode: PERMISSIVE}}}
`;

const BACKEND = '{service: {name: web, port: {number: 80}}}';

const UPSTREAM = '{nginx.ingress.kubernetes.io/service-upstream: "true", nginx.ingress.kubernetes.io/upstream-vhost: web.shop.svc.cluster.local}';

const ingress = (spec: string, name = 'web', annotations = '{}') => `
  ---
  apiVersion: networking.k8s.io/v1
  kind: Ingress
  metadata: {name: ${name}, namespace: shop, annotations: ${annotations}}
  spec: {${spec} rules: [{http: {paths: [{path: /, backend: ${BACKEND}}]}}]}
`;

const ingressClass = (name: string, controller: string, annotations = '{}') => `
  ---
  apiVersion: networking.k8s.io/v1
  kind: IngressClass
  metadata: {name: ${name}, annotations: ${annotations}}
  spec: {controller: ${controller}}
`;

const controller = (image: string, { label = '', args = '', known = true, kind = 'Deployment' } = {}) => `${known ? namespace('edge', label) : ''}
  ---
  apiVersion: apps/v1
  kind: ${kind}
  metadata: {name: controller, namespace: edge}
  spec: {template: {metadata: {labels: {app: edge}}, spec: {containers: [{name: controller, image: ${image}, args: [${args}]}]}}}
`;

const NGINX = 'registry.k8s.io/ingress-nginx/controller:v1.13.0';
const NGINX_CLASS = ingressClass('nginx', 'k8s.io/ingress-nginx');

const GATEWAY = `
  ---
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: gateway, namespace: shop}
  spec: {template: {metadata: {labels: {istio: gateway}, annotations: {inject.istio.io/templates: gateway}}, spec: {containers: [{name: istio-proxy, image: auto}]}}}
  ---
  apiVersion: networking.istio.io/v1
  kind: Gateway
  metadata: {name: gateway, namespace: shop}
  spec: {selector: {istio: gateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
  ---
  apiVersion: networking.istio.io/v1
  kind: VirtualService
  metadata: {name: web, namespace: shop}
  spec: {hosts: [www.example.com], gateways: [gateway], http: [{route: [{destination: {host: web, port: {number: 80}}}]}]}
`;

testRule(rule, {
  valid: [
    { name: 'nothing is STRICT', yaml: world({ type: 'NodePort' }) + ingress('ingressClassName: alb,') },
    { name: 'the workload port is open', yaml: world() + STRICT + OPEN + ingress('ingressClassName: alb,') },
    { name: 'Istio serves the class', yaml: world() + STRICT + ingress('ingressClassName: mesh,') + ingressClass('mesh', 'istio.io/ingress-controller') },
    {
      name: 'the controller has a sidecar, and calls services by their names',
      yaml: world() + STRICT + ingress('ingressClassName: nginx,', 'web', UPSTREAM) + NGINX_CLASS + controller(NGINX, { label: 'istio-injection: enabled' }),
    },
    {
      name: 'the class belongs to a controller that says so by its argument, and has a sidecar',
      yaml: world() + STRICT + ingress('ingressClassName: inner,') + controller('edge:1', { label: 'istio-injection: enabled', args: '--ingress-class=inner' }),
    },
    { name: 'the backend does not exist', yaml: world() + STRICT + ingress('ingressClassName: alb,').replace('number: 80', 'number: 81') },
    { name: 'the load balancer is that of a gateway', yaml: world({ type: 'LoadBalancer', annotations: '{inject.istio.io/templates: gateway}' }) + STRICT },
    { name: 'the gateway was installed without injection', yaml: world({ type: 'LoadBalancer', labels: '{app: web, istio: ingressgateway}' }) + STRICT },
    { name: 'the Service has no way in from outside', yaml: world() + STRICT },
    { name: 'a gateway leads to the port of a Service that is still of type NodePort', yaml: world({ type: 'NodePort' }).replace(', {name: http-admin, port: 9090}', '') + STRICT + GATEWAY },
  ],
  invalid: [
    {
      name: 'a controller without proxy serves the class: one fault for all its Ingresses',
      yaml: world() + STRICT + ingress('ingressClassName: nginx,') + ingress(`ingressClassName: nginx, defaultBackend: ${BACKEND},`, 'web2') + NGINX_CLASS + controller(NGINX),
      findings: [{
        object: 'PeerAuthentication shop/default',
        see: ['Ingress shop/web', 'Ingress shop/web2', 'Deployment edge/controller', 'Service shop/web', 'Deployment shop/web'],
        calls: ['edge/controller (Ingress shop/web) -> web.shop.svc.cluster.local:80', 'edge/controller (Ingress shop/web2) -> web.shop.svc.cluster.local:80'],
        what: 'Ingress shop/web has class "nginx", which edge/controller serves without a proxy, and leads to service port 80 of Service shop/web, '
          + 'and workload port 8080 of shop/web behind it is STRICT',
        fix: 'Give edge/controller a proxy: label its pods with sidecar.istio.io/inject: "true", or Namespace edge with istio-injection: enabled. '
          + 'Or: let workload port 8080 take plaintext too, and keep the others STRICT:\n'
          + 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: web-8080, namespace: shop}\n'
          + 'spec:\n  selector: {matchLabels: {"app": "web"}}\n  mtls: {mode: STRICT}\n  portLevelMtls:\n    "8080": {mode: PERMISSIVE}',
      }],
    },
    {
      name: 'ingress-nginx has a sidecar, and calls pods at their addresses',
      yaml: world() + STRICT + ingress('ingressClassName: nginx,') + NGINX_CLASS + controller(NGINX, { label: 'istio-injection: enabled' }),
      findings: [{
        object: 'PeerAuthentication shop/default',
        severity: Severity.WARNING,
        what: 'Ingress shop/web has class "nginx", which edge/controller serves at the addresses of pods, past the services that its sidecar knows, '
          + 'and leads to service port 80 of Service shop/web, and workload port 8080 of shop/web behind it is STRICT',
        condition: 'the ConfigMap of edge/controller does not set service-upstream and the like for all Ingresses',
        fix: 'Annotate Ingress shop/web, so that the controller calls the service by its name:\nnginx.ingress.kubernetes.io/service-upstream: "true"\n'
          + 'nginx.ingress.kubernetes.io/upstream-vhost: web.shop.svc.cluster.local\nOr: let workload port 8080 take plaintext too, and keep the others STRICT:\n'
          + 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: web-8080, namespace: shop}\n'
          + 'spec:\n  selector: {matchLabels: {"app": "web"}}\n  mtls: {mode: STRICT}\n  portLevelMtls:\n    "8080": {mode: PERMISSIVE}',
      }],
    },
    {
      name: 'an application has the name of the controller in its image',
      yaml: world({ image: 'traefik/whoami:v1' }) + STRICT + ingress('ingressClassName: traefik,') + controller('traefik:v3.5', { kind: 'DaemonSet' }),
      findings: [{ object: 'PeerAuthentication shop/default', calls: ['edge/controller (Ingress shop/web) -> web.shop.svc.cluster.local:80'] }],
    },
    {
      name: 'a load balancer outside the cluster serves the class, and the backend is named by the name of its port',
      yaml: world() + STRICT + ingress('ingressClassName: aws,').replace('number: 80', 'name: http') + ingressClass('aws', 'ingress.k8s.aws/alb'),
      findings: [{
        object: 'PeerAuthentication shop/default',
        what: 'Ingress shop/web has class "aws", which a load balancer outside the cluster serves, and leads to service port 80 of Service shop/web, '
          + 'and workload port 8080 of shop/web behind it is STRICT',
      }],
    },
    {
      name: 'the input does not show the controller',
      yaml: world() + STRICT + ingress('') + ingressClass('nginx', 'k8s.io/ingress-nginx', '{ingressclass.kubernetes.io/is-default-class: "true"}'),
      findings: [{
        object: 'PeerAuthentication shop/default', severity: Severity.WARNING, condition: 'the controller of class "nginx" has no proxy (the input does not show it)',
      }],
    },
    {
      name: 'the Namespace of the controller is not in the input',
      yaml: world() + STRICT + ingress('ingressClassName: nginx,') + controller(NGINX, { known: false }),
      findings: [{
        object: 'PeerAuthentication shop/default',
        severity: Severity.WARNING,
        condition: 'the pods of edge/controller have no proxy (Namespace edge is not in the input)',
      }],
    },
    {
      name: 'a load balancer leads to STRICT ports: one fault for the Service, beside what the Ingress says',
      yaml: world({ type: 'LoadBalancer' }) + STRICT + ingress('ingressClassName: alb,'),
      findings: [
        { object: 'PeerAuthentication shop/default', calls: ['ingress controller (Ingress shop/web) -> web.shop.svc.cluster.local:80'] },
        {
          object: 'PeerAuthentication shop/default',
          severity: Severity.WARNING,
          calls: ['outside (load balancer) -> web.shop.svc.cluster.local:9090'],
          what: 'Service shop/web is of type LoadBalancer, which is for callers outside the mesh, and workload port 9090 of shop/web behind it is STRICT',
        },
      ],
    },
    {
      name: 'a NodePort Service leads to STRICT ports',
      yaml: world({ type: 'NodePort' }) + STRICT,
      findings: [{
        object: 'PeerAuthentication shop/default',
        severity: Severity.WARNING,
        callCount: 2,
        what: 'Service shop/web is of type NodePort, which is for callers outside the mesh, and workload port 8080 of shop/web and workload port 9090 of shop/web behind it are STRICT',
      }],
    },
  ],
});
