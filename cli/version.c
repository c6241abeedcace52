#include "cli/cli.h"
#include "cli/sandbox.h"
#include "include/nvm.h"
#include "vm/vm.h"

int command_version(int argc, char **argv)
{
    static const struct usage usage = {
        .command = "version",
        .operands = "",
        .text = "Shows the version, the compiler that built this program, and the dispatchers it has, and what this\n"
                "system has for the sandbox of run, verify, replay and tee verify.\n",
        .examples = "  nvm version\n",
    };
    int count = 0;
    int code = options_parse(&usage, NULL, argc, argv, &count);
    if (code >= 0) return code;
    printf("nvm %s\n", NVM_VERSION);
#if defined(__clang__)
    printf("compiler: clang %s\n", __clang_version__);
#else
    printf("compiler: gcc %s\n", __VERSION__);
#endif
    printf("dispatchers: %s (default)", dispatcher_name(DISPATCH_DEFAULT));
    const enum dispatcher all[] = {DISPATCH_TAIL, DISPATCH_PORTABLE};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (dispatcher_available(all[i]) && strcmp(dispatcher_name(all[i]), dispatcher_name(DISPATCH_DEFAULT)) != 0)
            printf(", %s", dispatcher_name(all[i]));
    char sandbox[SANDBOX_TEXT];
    sandbox_describe(sandbox);
    printf("\nsandbox: %s\n", sandbox);
    return EXIT_OK;
}
