/* Outputs of runs that go on: whoever made the sealed file chose the run's options, but not where this machine's files
 * are written. */
#include "cli/run_suspend.h"

int output_take(const char *option, const char **asked, const char *given)
{
    if (*asked && !given) {
        say_error("resume: the run was started with --%s; where to is not taken from the sealed file", option);
        say_hint("--%s FILE", option);
        return EXIT_INPUT;
    }
    if (given && !*asked) {
        say_error("--%s: the run was started without it", option);
        return EXIT_INPUT;
    }
    *asked = given;
    return -1;
}
