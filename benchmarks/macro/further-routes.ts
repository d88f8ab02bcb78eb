/** Routes of gateway.yaml. */
const OWN_ROUTES = 3;

/** YAML of the routes that are missing: a hundred resources, each with its own paths, some beside the one that is called. */
export function furtherRoutes(count: number): string {
  const routes = Array.from({ length: count - OWN_ROUTES }, (_, index) => {
    const prefix = index % 100 === 0 ? '/users/:id' : `/shop/resource-${index % 100}/:id`;
    const call = '{ service: users, method: getUser, args: [path.id] }';
    return `  - { id: further-${index}, match: { path: "${prefix}/part-${index}" }, call: ${call} }\n`;
  });
  return `routes:\n${routes.join('')}`;
}
