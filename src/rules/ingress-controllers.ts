import { RuleContext } from './rule';
import { containersOf } from './strict-ports';
import { asList, asText, own } from '../mesh/json';
import { Kinds } from '../mesh/kinds';
import { imagesOf } from '../mesh/known/images';
import { MeshObject } from '../mesh/object';
import { Workload } from '../mesh/workloads/workload';

/** Who serves an Ingress. */
export interface IngressController {
  /** The class, as the Ingress names it; empty where none is named and none is the default. */
  readonly name: string;
  /** The pods of the input that serve the class. */
  readonly workloads: readonly Workload[];
  /** Whether it is the load balancer of a cloud, which has no pods. */
  readonly isCloud: boolean;
}

const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const DEFAULT_ANNOTATION = 'ingressclass.kubernetes.io/is-default-class';

/** The controller of Istio itself, whose gateways have certificates of the mesh. */
const ISTIO = 'istio.io/ingress-controller';

/** Classes and controllers that load balancers outside the cluster serve. */
const CLOUD = new Set([
  'alb', 'ingress.k8s.aws/alb', 'eks.amazonaws.com/alb', 'gce', 'gce-internal', 'k8s.io/ingress-gce', 'azure/application-gateway', 'azure-application-gateway',
]);

/** Words of classes and controllers that name no program. */
const COMMON = new Set('ingress controller ingress-controller ingressclass internal external public private default class k8s com org net web app'.split(' '));

/** The argument by which a controller is told its class. */
const CLASS_ARGUMENT = /^--(?:ingress-class|controller-class|ingressclass|providers\.kubernetesingress\.ingressclass)=(.+)$/i;

/** Who serves an Ingress; undefined where Istio does. */
export function controllerOf(context: RuleContext, ingress: MeshObject): IngressController | undefined {
  const name = ingress.annotation(CLASS_ANNOTATION) ?? asText(own(ingress.spec, 'ingressClassName')) ?? defaultClass(context);
  const known = context.once(controllerOf, () => new Map<string, IngressController | 'istio'>());
  let found = known.get(name);
  if (found === undefined) known.set(name, found = find(context, name));
  return found === 'istio' ? undefined : found;
}

function find(context: RuleContext, name: string): IngressController | 'istio' {
  const controller = asText(own(classes(context).get(name)?.spec, 'controller')) ?? '';
  if (name === 'istio' || controller === ISTIO) return 'istio';
  if (CLOUD.has(name) || CLOUD.has(controller)) return { name, workloads: [], isCloud: true };
  const words = wordsOf(name, controller);
  return { name, isCloud: false, workloads: context.model.inventory.workloads.filter(workload => serves(workload, name, controller, words)) };
}

function classes(context: RuleContext): ReadonlyMap<string, MeshObject> {
  return context.once(classes, () => new Map(context.ofKind(Kinds.INGRESS_CLASS).map(object => [object.name, object])));
}

function defaultClass(context: RuleContext): string {
  return [...classes(context).values()].find(object => object.annotation(DEFAULT_ANNOTATION) === 'true')?.name ?? '';
}

/** Words of images, names and labels of programs that serve Ingresses. Jobs of such a name make their certificates. */
const CONTROLLER = /ingress|controller|traefik|kong|contour|haproxy|ambassador|emissary|gloo|router|gateway|proxy/;

/** The words by which the program behind a class is known: `nginx`, `ingress-nginx`, `traefik`. */
function wordsOf(name: string, controller: string): string[] {
  return [name, ...controller.split('/').flatMap(part => [part, ...part.split('.')])].filter(word => word.length > 2 && !COMMON.has(word));
}

/** Whether a workload says that it serves the class, or runs a controller image of its name. An nginx that serves files is no controller. */
function serves(workload: Workload, name: string, controller: string, words: readonly string[]): boolean {
  for (const container of containersOf(workload)) {
    for (const argument of [...asList(own(container, 'args')), ...asList(own(container, 'command'))]) {
      const value = typeof argument === 'string' ? CLASS_ARGUMENT.exec(argument)?.[1] : undefined;
      if (value !== undefined && (value === name || value === controller)) return true;
    }
  }
  const labels = ['app.kubernetes.io/name', 'app'].map(label => workload.label(label) ?? '');
  const titles = [...imagesOf(workload).map(programOf), workload.name, ...labels].map(title => title.toLowerCase());
  return words.some(word => titles.some(title => title.includes(word)))
    && titles.some(title => CONTROLLER.test(title)) && workload.object.key !== Kinds.JOB;
}

/** The program of an image: `traefik/whoami` is no traefik, but `ingress-nginx/controller` says only in whole what it controls. */
function programOf(image: string): string {
  const parts = image.split('/');
  const last = parts[parts.length - 1];
  return /controller|ingress/.test(last) ? parts.slice(-2).join('/') : last;
}
