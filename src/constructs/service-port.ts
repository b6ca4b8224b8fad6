import { IConstruct } from 'constructs';
import { fail, show } from './private/errors';
import { requirePortNumber, requireText } from './private/require';

/**
 * A port of a Service (a *service port*): what clients call.
 *
 * Not the workload port behind it, which may have another number. Faults of a
 * port are reported by the construct that it is given to.
 */
export class ServicePort {
  /**
   * A service port by its number.
   *
   * @param port the number, 1 to 65535
   */
  static number(port: number): ServicePort {
    return new ServicePort(port, undefined);
  }

  /**
   * A service port by its name, which is looked up in the Service at synth. The
   * app (or the context of the IstioMesh) must have the Service.
   *
   * @param name the name that the Service gives the port
   */
  static named(name: string): ServicePort {
    return new ServicePort(undefined, name);
  }

  private constructor(private readonly port: number | undefined, private readonly name: string | undefined) {}

  /**
   * The number or the name, if it can be one.
   * @internal
   */
  public _key(owner: IConstruct, what: string): number | string {
    if (this.name === undefined) {
      requirePortNumber(owner, what, this.port);
      return this.port!;
    }
    if (/^\d+$/.test(this.name)) {
      fail(owner, `'${what}' must be a name with a letter in it, as names of ports are; got ${show(this.name)}, write ServicePort.number(${this.name})`);
    }
    return requireText(owner, what, this.name);
  }
}
