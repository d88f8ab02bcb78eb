/** Where Dubbo keeps what in a ZooKeeper. */
export interface ZookeeperPathOptions {
  /** Put before all paths; default none. */
  readonly chroot?: string;
  /** Default `/dubbo`: the `group` of a registry in Dubbo's own settings. */
  readonly root?: string;
  /** Where instances of applications stand; default `/services`. */
  readonly servicesRoot?: string;
}

/** Paths of nodes. Names in them are encoded as Dubbo does it, so that none can lead elsewhere. */
export class ZookeeperPaths {
  /** A path whose existence can be asked; `/` at the least. */
  readonly top: string;
  /** Whether that is a node that somebody has to have made. */
  readonly hasChroot: boolean;
  readonly #root: string;
  readonly #servicesRoot: string;

  constructor(options: ZookeeperPathOptions) {
    const chroot = cleaned(options.chroot ?? '');
    this.top = chroot === '' ? '/' : chroot;
    this.hasChroot = chroot !== '';
    this.#root = chroot + cleaned(options.root ?? '/dubbo');
    this.#servicesRoot = chroot + cleaned(options.servicesRoot ?? '/services');
  }

  providers(interfaceName: string): string {
    return `${this.#root}/${segment(interfaceName)}/providers`;
  }

  configurators(interfaceName: string): string {
    return `${this.#root}/${segment(interfaceName)}/configurators`;
  }

  routers(interfaceName: string): string {
    return `${this.#root}/${segment(interfaceName)}/routers`;
  }

  /** Which applications serve an interface. */
  mapping(interfaceName: string): string {
    return `${this.#root}/mapping/${segment(interfaceName)}`;
  }

  metadata(application: string, revision: string): string {
    return `${this.#root}/metadata/${segment(application)}/${segment(revision)}`;
  }

  /** A rule of Dubbo 2.7 and later, such as `demo.tag-router`. */
  rule(name: string): string {
    return `${this.#root}/config/dubbo/${segment(name)}`;
  }

  instances(application: string): string {
    return `${this.#servicesRoot}/${segment(application)}`;
  }

  instance(application: string, nodeName: string): string {
    return `${this.#servicesRoot}/${segment(application)}/${nodeName}`;
  }
}

/** With a slash in front and none at the end; empty for the root. */
function cleaned(path: string): string {
  const inner = path.replace(/^\/+|\/+$/g, '');
  return inner === '' ? '' : `/${inner}`;
}

/** A name as one step of a path. Colons are no harm, and rules have them in their names. */
function segment(name: string): string {
  const encoded = encodeURIComponent(name).replaceAll('%3A', ':');
  return encoded === '' || encoded === '.' || encoded === '..' ? `%00${encoded}` : encoded;
}
