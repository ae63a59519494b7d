"""What setup.cfg cannot say: the .pth file belongs into site-packages, also with `pip install -e .`."""

import os

from setuptools import Command, setup
from setuptools.command.build import build

PTH = "ccxt_ext_autoload.pth"


class build_pth(Command):
    """Build the file that arms the import hook."""

    editable_mode = False

    def initialize_options(self):
        self.build_lib = None

    def finalize_options(self):
        self.set_undefined_options("build", ("build_lib", "build_lib"))

    def run(self):
        # An editable wheel leaves out what is built, but not what a command installs by itself.
        target = self.get_finalized_command("install").install_lib if self.editable_mode else self.build_lib
        self.mkpath(target)
        self.copy_file(PTH, os.path.join(target, PTH))

    def get_source_files(self):
        return [PTH]

    def get_outputs(self):
        return [] if self.editable_mode else [os.path.join(self.build_lib, PTH)]

    def get_output_mapping(self):
        return {}


class build_with_pth(build):
    sub_commands = [*build.sub_commands, ("build_pth", None)]  # noqa: RUF012


setup(cmdclass={"build": build_with_pth, "build_pth": build_pth})
