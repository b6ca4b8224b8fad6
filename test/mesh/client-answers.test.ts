import { assert, constantFrom, property, record, array, option } from 'fast-check';
import { deployment, istio, mesh, namespace, service } from './build';

const PLACES = ['a', 'b', 'c', 'istio-system'];
const HOSTS = ['web.a.svc.cluster.local', '*.a.svc.cluster.local', '*.svc.cluster.local', '*', 'web.b.svc.cluster.local'];

describe('the answers for all client namespaces at once', () => {
  test('are those that single clients get', () => {
    const rule = record({
      place: constantFrom(...PLACES),
      host: constantFrom(...HOSTS),
      exportTo: option(constantFrom(['*'], ['.'], ['b'], ['c', 'istio-system'], ['a']), { nil: undefined }),
      tls: option(constantFrom('ISTIO_MUTUAL', 'DISABLE', 'SIMPLE'), { nil: undefined }),
      port: constantFrom(undefined, 80, 81),
    });
    assert(property(array(rule, { maxLength: 6 }), rules => {
      const { model } = mesh([
        ...PLACES.flatMap(place => [namespace(place), deployment(`${place}/client`)]),
        ...['a', 'b'].flatMap(place => [deployment(`${place}/web`), service(`${place}/web`)]),
        ...rules.map(({ place, host, exportTo, tls, port }, i) => {
          const policy = { tls: tls && { mode: tls } };
          return istio(`DestinationRule ${place}/r${i}`, {
            host, exportTo, trafficPolicy: port === undefined ? policy : { portLevelSettings: [{ port: { number: port }, ...policy }] },
          });
        }),
      ]);
      for (const called of model.inventory.services) {
        const [others, ...own] = model.clientAnswers(called, called.ports[0]);
        expect(others.namespace).toBeUndefined();
        for (const place of PLACES) {
          const client = model.inventory.workload(`${place}/client`)!;
          const answer = own.find(one => one.namespace === place) ?? others;
          expect(answer.tls).toEqual(model.clientTls(client, called.host, 80));
        }
      }
    }), { numRuns: 500 });
  });
});
