// Privileges that nothing needs any more once the devices of a target stand: see capabilities(7).
#pragma once

namespace lastack {

// Gives up, for the calling thread and those that it will start, all capabilities but those for the network of a
// namespace (sysctls, the end of a connection by sock_diag), for another namespace, and for files that belong to
// others: as root output goes where it is asked for. What follows reads packets of an implementation that may be wrong.
// Without privileges nothing happens.
void drop_capabilities();

}  // namespace lastack
